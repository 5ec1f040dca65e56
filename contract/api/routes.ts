import { takesImages } from '../fields/image.ts';
import type { Model } from '../model/model.ts';

/** What a function of every API does; one deployed function serves each. */
export type CommonOperation = 'predict' | 'get-prediction' | 'feedback' | 'health' | 'describe';

/** `upload` belongs to models that take images. */
export type Operation = CommonOperation | 'upload';

export interface Route {
  readonly method: 'GET' | 'POST';
  /** Below the model's base path, in API Gateway's and OpenAPI's spelling of parameters. */
  readonly path: string;
  readonly operation: Operation;
  /** OpenAPI's operationId. */
  readonly id: string;
  readonly summary: string;
}

/** The API of every model. */
export const ROUTES = [
  { method: 'POST', path: '/predictions', operation: 'predict', id: 'createPredictions', summary: 'Predict' },
  {
    method: 'GET',
    path: '/predictions/{id}',
    operation: 'get-prediction',
    id: 'getPrediction',
    summary: 'Read a stored prediction',
  },
  {
    method: 'POST',
    path: '/predictions/{id}/feedback',
    operation: 'feedback',
    id: 'createFeedback',
    summary: 'Report what was really observed',
  },
  {
    method: 'GET',
    path: '/health',
    operation: 'health',
    id: 'getHealth',
    summary: 'Ask the model a reference input',
  },
  { method: 'GET', path: '/model', operation: 'describe', id: 'getModel', summary: 'The model card' },
  {
    method: 'GET',
    path: '/openapi.json',
    operation: 'describe',
    id: 'getOpenApi',
    summary: 'This document (OpenAPI 3.1)',
  },
] as const satisfies readonly Route[];

/** What models that take images have besides. */
export const UPLOAD_ROUTE = {
  method: 'POST',
  path: '/uploads',
  operation: 'upload',
  id: 'createUpload',
  summary: 'Ask where to upload an image',
} as const satisfies Route;

export type KnownRoute = (typeof ROUTES)[number] | typeof UPLOAD_ROUTE;

/** The routes of one model. */
export function routesOf(model: Pick<Model, 'input'>): readonly KnownRoute[] {
  return takesImages(model) ? [...ROUTES, UPLOAD_ROUTE] : ROUTES;
}

/**
 * The header by which whoever asks for several callers tells them apart: the same value is answered by the same variant.
 * Without it, an API key is one caller.
 */
export const CALLER_HEADER = 'x-caller-id';

/** How many inputs one request may hold. */
export const MAX_INPUTS = 1000;

/** A Lambda function takes 6 MB (AWS Lambda quotas, "Invocation payload, synchronous"); the event around the body takes its share. */
export const MAX_BODY_BYTES = 5_500_000;

/** The methods that one path has, for the `Allow` header. */
export function allowedMethods(path: string): readonly string[] {
  return [...ROUTES, UPLOAD_ROUTE].filter((route) => route.path === path).map((route) => route.method);
}

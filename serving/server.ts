import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Admission } from './http/admission.ts';
import { errorAnswer, send } from './http/answers.ts';
import { type InvocationProps, invoke } from './http/invocations.ts';
import { type RouteProps, readyModel, route } from './http/routes.ts';
import type { State } from './model/health.ts';
import { type LoadProps, loadModel } from './model/model.ts';
import type { Config } from './settings/config.ts';
import type { Log } from './settings/log.ts';

// Longer than a proxy keeps an idle connection (60 s is usual), so that it never sends on one that is closing.
const KEEP_ALIVE_MS = 75_000;
/** How long a client may take to send a request. */
const REQUEST_TIMEOUT_MS = 60_000;

export interface ModelServerProps {
  readonly config: Config;
  readonly log: Log;
  /** The program that the model's thread is started with. */
  readonly program: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Called when a model that was loaded has ended: only a new process can serve again. */
  readonly onModelGone: () => void;
}

/** The HTTP server around one model, from loading to draining. */
export class ModelServer {
  readonly #props: ModelServerProps;
  readonly #admission: Admission;
  readonly #http: Server;
  #state: State = { kind: 'loading' };
  #unanswered = 0;
  #idle: (() => void) | undefined;

  constructor(props: ModelServerProps) {
    this.#props = props;
    const { maxPendingRequests, maxPendingBytes } = props.config;
    this.#admission = new Admission({ maxRequests: maxPendingRequests, maxBytes: maxPendingBytes });
    this.#http = createServer(
      { keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: REQUEST_TIMEOUT_MS },
      (request, response) => {
        void this.#handle(request, response);
      },
    );
  }

  /** Listens at once, and answers 503 until the model is loaded. @returns the port */
  async listen(): Promise<number> {
    const { address, port } = this.#props.config;
    await new Promise<void>((resolve, reject) => {
      this.#http.once('error', reject);
      this.#http.listen(port, address, resolve);
    });
    return (this.#http.address() as AddressInfo).port;
  }

  /** Loads the model. A model that can't be loaded leaves the server up to say so. */
  async load(): Promise<void> {
    const { config, program, now, log } = this.#props;
    const onBatchBroken: LoadProps['onBatchBroken'] = (reason, batchSize) =>
      log('warn', 'batch broken', { reason, batchSize });
    const startedAt = now();
    try {
      const model = await loadModel({ config, program, now, onBatchBroken });
      if (this.#state.kind !== 'loading') return await model.close();
      this.#state = { kind: 'ready', model };
      log('info', 'model loaded', { model: model.name, version: model.version, ms: now() - startedAt });
      void model.gone.then((reason) => {
        if (this.#state.kind === 'draining') return;
        this.#fail(reason);
        this.#props.onModelGone();
      });
    } catch (error) {
      this.#fail(error instanceof Error ? error.message : String(error));
    }
  }

  /**
   * Lets the requests in flight finish and answers 503 to others, /ping too, meanwhile.
   *
   * @returns whether all of them finished within the grace period
   */
  async drain(): Promise<boolean> {
    const { config, log } = this.#props;
    const model = this.#state.kind === 'ready' ? this.#state.model : undefined;
    this.#state = { kind: 'draining' };
    log('info', 'draining', { requests: this.#unanswered });
    const drained = await this.#untilIdle(config.gracePeriodMs);
    const abandoned = this.#unanswered;
    this.#http.close();
    this.#http.closeAllConnections();
    log(drained ? 'info' : 'error', 'drained', { abandoned });
    // A thread can't be ended in the middle of a run: an abandoned one is left to the end of the process.
    if (drained) await model?.close();
    return drained;
  }

  async #untilIdle(limitMs: number): Promise<boolean> {
    if (this.#unanswered === 0) return true;
    return await new Promise((resolve) => {
      const timer = setTimeout(() => resolve(false), limitMs);
      this.#idle = () => {
        clearTimeout(timer);
        resolve(true);
      };
    });
  }

  #fail(reason: string): void {
    this.#state = { kind: 'failed', reason };
    this.#props.log('error', "the model can't be served", { reason });
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#unanswered += 1;
    response.once('close', () => {
      this.#unanswered -= 1;
      if (this.#unanswered === 0) this.#idle?.();
    });
    try {
      const found = route(request, this.#routeProps());
      send(response, found.kind === 'answer' ? found.answer : await this.#invoke(request, response));
    } catch (error) {
      send(response, errorAnswer(error));
    } finally {
      // A body that was refused is read to its end, or the client would see a reset instead of the answer.
      request.resume();
    }
  }

  #invoke(request: IncomingMessage, response: ServerResponse) {
    const { config, log } = this.#props;
    const props: InvocationProps = {
      model: () => readyModel(this.#routeProps()),
      admission: this.#admission,
      config,
      log,
    };
    return invoke(props, request, response);
  }

  #routeProps(): RouteProps {
    return { state: this.#state, now: this.#props.now(), runTimeoutMs: this.#props.config.runTimeoutMs };
  }
}

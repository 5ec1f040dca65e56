export interface SqsMessage {
  readonly messageId: string;
  readonly receiptHandle: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export interface SqsService {
  /** Sends a message on behalf of another service. @throws {Error} where there is no such queue */
  enqueue(queueArn: string, body: string): Promise<void>;
  /** Receives up to `max` messages, which then stay invisible for the queue's visibility timeout. */
  receive(queueArn: string, max: number): Promise<readonly SqsMessage[]>;
  delete(queueArn: string, receiptHandles: readonly string[]): Promise<void>;
  /** Calls back whenever a message may have become visible in the queue. */
  onVisible(queueArn: string, callback: () => void): () => void;
}

declare module '../core/plugin/services.ts' {
  interface CloudServices {
    sqs?: SqsService;
  }
}

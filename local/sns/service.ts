/** SNS as the other services of the local cloud see it. Permissions are the caller's to check. */
export interface SnsService {
  /**
   * Publishes to every subscription of a topic; answers the message's id once the queues have it.
   * @throws {Error} where no template declares the topic
   */
  publish(topicArn: string, message: string, subject?: string): Promise<string>;
}

declare module '../core/plugin/services.ts' {
  interface CloudServices {
    sns?: SnsService;
  }
}

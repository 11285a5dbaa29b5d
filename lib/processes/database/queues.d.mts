/** Names of the queues that several processes send to. */
export const SHARED_QUEUES: readonly string[];

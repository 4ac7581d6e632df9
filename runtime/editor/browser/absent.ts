/** In the place of Node's modules for transports, which the `cloudevents` package loads beside the part of it that is used: its checks. */
export class EventEmitter {}
export const types = {};

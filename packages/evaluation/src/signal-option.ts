export interface SignalOption {
  /** Looked at whenever the event loop turns, which is every few ten milliseconds: what is under way rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
}

import { InferenceError } from '../oip/error.ts';

export interface AdmissionProps {
  readonly maxRequests: number;
  readonly maxBytes: number;
}

/** An admitted request's share of the server. */
export interface Ticket {
  /** Takes bytes of the body into account. @throws InferenceError 503 if the server holds too many */
  add(bytes: number): void;
  /** Gives the share back. */
  release(): void;
}

/** Bounds what the server holds at a time, being read, waiting and running: a load beyond it is told to come again. */
export class Admission {
  readonly #props: AdmissionProps;
  #requests = 0;
  #bytes = 0;

  constructor(props: AdmissionProps) {
    this.#props = props;
  }

  /** @throws InferenceError 503 if the server is full */
  enter(): Ticket {
    if (this.#requests >= this.#props.maxRequests) throw full();
    this.#requests += 1;
    let held = 0;
    let released = false;
    return {
      add: (bytes) => {
        if (this.#bytes + bytes > this.#props.maxBytes) throw full();
        held += bytes;
        this.#bytes += bytes;
      },
      release: () => {
        if (released) return;
        released = true;
        this.#requests -= 1;
        this.#bytes -= held;
      },
    };
  }
}

function full(): InferenceError {
  return new InferenceError(503, 'the server is busy: too many requests are waiting');
}

// Errors of the server as one type: RFC 9457 problem documents, plus two made here
// for the cases in which no server answered (`offline`, `bad-answer`).

/** One field that the server would not take. */
export interface FieldError {
  pointer: string;
  code: string;
  params?: Record<string, unknown>;
}

/** The JSON body of an error; a few problems carry more, such as a new quote. */
export interface ProblemBody {
  code: string;
  status: number;
  title: string;
  detail?: string;
  errors?: FieldError[];
  retry_after?: number;
  [extra: string]: unknown;
}

/** What every failed request is turned into. `status` is 0 when no answer came. */
export class ApiProblem extends Error {
  readonly code: string;
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly errors: FieldError[];
  readonly body: ProblemBody;

  constructor(body: ProblemBody) {
    super(`${body.code}: ${body.title}`);
    this.name = 'ApiProblem';
    this.code = body.code;
    this.status = body.status;
    this.title = body.title;
    this.detail = body.detail ?? '';
    this.errors = body.errors ?? [];
    this.body = body;
  }

  /** No server was reached: the same request may be sent again as it is. */
  get offline(): boolean {
    return this.code === 'offline';
  }

  /** The error of one field, by its JSON pointer. */
  field(pointer: string): FieldError | undefined {
    return this.errors.find((error) => error.pointer === pointer);
  }
}

/** Any thrown thing as an ApiProblem, so that screens handle one kind of error. */
export function asProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  return new ApiProblem({ code: 'bad-answer', status: 0, title: 'The answer could not be read', detail: String(error) });
}

/** Reads the problem from a response that is not ok, whatever its body is. */
export async function problemFrom(response: Response): Promise<ApiProblem> {
  try {
    const body = (await response.json()) as Partial<ProblemBody>;
    return new ApiProblem({
      ...body,
      code: body.code ?? `http-${response.status}`,
      status: response.status,
      title: body.title ?? response.statusText,
    });
  } catch {
    return new ApiProblem({ code: `http-${response.status}`, status: response.status, title: response.statusText });
  }
}

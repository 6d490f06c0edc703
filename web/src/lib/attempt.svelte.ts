// Something a person asked for with a button: whether it still runs, and why the last one came to nothing.

import { asProblem, type ApiProblem } from './api/problem';

export class Attempt {
  busy = $state(false);
  problem = $state.raw<ApiProblem | null>(null);

  /** Does the work; what it throws becomes the problem. */
  run = async (work: () => Promise<void>): Promise<void> => {
    this.busy = true;
    this.problem = null;
    try {
      await work();
    } catch (error) {
      this.problem = asProblem(error);
    } finally {
      this.busy = false;
    }
  };
}

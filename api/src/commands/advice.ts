/** What each operation that a refusal may point to does, for people. */
const purposes = {
  claim: 'makes that picture yours for one token',
  show: 'brings a picture here by the id of its Midjourney job',
  vary_region: 'takes a mask',
  imagine_all: 'draws all texts, each as a task of its own',
  cancel: 'cancels a task',
};

type Operation = keyof typeof purposes;

/** What a client can do instead. Commands know no routes: only a dialect can say it as a sentence. */
export interface Advice {
  operation: Operation;
  /** The task that it is about, where the refusal knows it. */
  taskId?: string;
}

/** What a dialect calls each operation, such as `POST /task/{id}/claim`. */
export type OperationNames = Record<Operation, string>;

/** The sentence with its advice, in the names of a dialect. */
export function withAdvice(sentence: string, advice: Advice | undefined, names: OperationNames): string {
  if (!advice) return sentence;
  const { operation, taskId = '{id}' } = advice;
  return `${sentence} ${names[operation].replace('{id}', taskId)} ${purposes[operation]}.`;
}

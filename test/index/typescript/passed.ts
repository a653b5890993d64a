export * from "./store";
export * as tools from "./tools";
export { make as build, Store } from "./lib/view.js";
import { Item } from "./item";
export { Item };

export const shared: Item = new Item();
export const Made: typeof Worker = Worker;
export default Worker;

class Worker {
  each(visit: (item: Item, worker: Worker) => void): this { return this; }
  state(): { item: Item; done: boolean } { return { item: shared, done: false }; }
  again() { return this; }
  get owner() { return this.again(); }
}

type Alias = Worker & { extra: number };

function run(worker: Alias) {
  let last: Item | null = null;
  worker.each((item, other) => { last = item; item.open(); other.again(); });
  const { item, done } = worker.state();
  item.open();
  using held = worker ?? new Worker();
  held.again();
  new Promise((resolve) => resolve.call());
  (worker as Worker).again();
  const close = () => { last = null; last.open(); };
}

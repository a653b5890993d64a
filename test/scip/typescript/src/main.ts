import { Memory, Store, normalize, Color } from "./store";

const store: Store = new Memory();

export function main(): void {
  const found = store.find("a");
  const inner = (x: string) => normalize(x);
  console.log(inner(found ?? "x"), Color.Red);
  new Memory().find("b");
}

main();

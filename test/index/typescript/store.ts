import type { Item } from "./item";
export interface Store<T> extends Base { get(key: string): T; }
type Key = string | Id;
enum Color { Red }
abstract class Memory<T> implements Store<T>, Closer {
  private async find(key: Key): Promise<Item> { return await this.map.get<T>(key)!; }
  abstract size(): number;
}
namespace Tools {
  export const make = (n: number): Memory<Item> => new Memory<Item>(n);
}

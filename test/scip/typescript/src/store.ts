/** Where things are kept. */
export interface Store {
  size: number;
  find(key: string): string | undefined;
}

export class Memory implements Store {
  private map = new Map<string, string>();

  /**
   * Finds one.
   */
  find(key: string): string | undefined {
    return this.map.get(normalize(key));
  }

  get size(): number {
    return this.map.size;
  }
}

export class Cache extends Memory {
  find(key: string) {
    return super.find(key);
  }
}

export const normalize = (key: string) => key.trim().toLowerCase();

export type Key = string;
export enum Color { Red, Green }

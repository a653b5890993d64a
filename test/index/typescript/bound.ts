import View, { make as build, type Store } from "./lib/view.js";
import * as tools from "./tools";
import { join } from "node:path";

interface Shape { area(): number; scale: (n: number) => void; }

export class Panel extends View {
  #store?: Store<string>;
  readonly view = new View();
  constructor(private shape: Shape, readonly parent: Panel | null) { super.show(); }
  get top(): Panel { return this.parent.top; }
  async draw(shapes: Shape[]): Promise<Panel> {
    this.#store.get("a");
    this.shape.area();
    this.view.show();
    shapes.forEach(shape => shape.scale(2));
    (await this.draw([])).draw([]);
    const panel = build() as Panel;
    panel.top.draw([]);
    tools.log(join("a"));
    const handlers = { close() { close(); } };
    handlers.close();
    return build().show();
  }
}

function close(this: Panel) { this.draw([]); }

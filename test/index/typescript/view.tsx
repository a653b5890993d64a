import { make } from "./store";
export function View(props: Props) {
  return <List items={make(1)}><b>x</b></List>;
}

object Tools {
  val first = parse _
  def parse(s: String) = s
  def all(list: List[String], parse2: String, other: F = parse) = {
    val local = parse
    list.map(parse).filter(this.ok).map(local, parse2, lost)
    Map("a" -> parse)
    list.foreach { item => use(item) }
  }
  def ok(s: String) = true
}
class ToolsSpec extends AnyFunSuite {
  test("parses 1.5") {
    Tools.all(Nil, "")
  }
}

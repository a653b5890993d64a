val table = mapOf("a" to ::one)
fun one() {}
class Box {
    fun step() {}
    @Test
    fun `adds two`() {
        listOf(1).map(::one).map(Box::step).map(other.Tools::parse).forEach(this::step)
    }
    @ParameterizedTest
    @ValueSource(ints = [1])
    fun counts(n: Int) {}
}
class BoxSpec : FunSpec({
    test("adds: 1 + 1") { one() }
    context("more") {
        should("stop") { one() }
    }
})

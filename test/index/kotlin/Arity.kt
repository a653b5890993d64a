class Arity {
    fun log(text: String, level: Int = 1, vararg rest: Int) { log("a") { it } }
    fun put(text: String, level: Int = 1) { put("a", level = 2); log(*rest) }
}

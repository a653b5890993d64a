import app.util.load
interface Named {
    fun name(): String
}
class User(val db: Db) : Base(db), Named {
    override fun name(): String = db.find(MAX_AGE).text()
    private fun grow() { load(User(db)) }
}
object Registry
fun main() { Registry.start() }

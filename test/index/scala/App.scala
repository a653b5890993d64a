import app.util.load
trait Named { def name: Text }
class User(db: Db) extends Base(db) with Named {
  private def grow(n: Item): Unit = { load(new User(db)); db.find(MAX_AGE).text() }
}
object Registry { def start(): Unit = User.make() }

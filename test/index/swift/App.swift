import Foundation
protocol Named { func name() -> Text }
class User: Base, Named {
    init(db: Db) { self.open(db) }
    func name() -> Text { return db.find(1).text() }
}
extension User { private func grow() { load(User(db)) } }
struct Point { }
func main() { User.start() }

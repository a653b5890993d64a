import Testing

func parse(_ text: String) {}
struct Reader {
    var size = 1
    var first = parse
    func step() {}
    func read(_ list: [String], count: Int) -> Handler {
        list.map(parse).map(self.step).map(count, self.size, self.lost)
        let local = parse
        button.addTarget(self, action: #selector(tapped), for: local)
        handlers = [parse, step]
        if let found = find() { use(found, name: step) }
        return parse
    }
    @Test func adds() {}
    @Test("with a name") func counts() {}
}

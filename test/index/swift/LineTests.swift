let MAX_TRIES = 3

struct Line {
    static let WIDTH = 2
    static func + (a: Line, b: Line) -> Line { merge(a, b) }
    subscript(i: Int) -> Int { lookup(i) }
}

class LineTests {
    deinit { close() }
    func testMerge() {}
}

class Arity {
    void Log(string text, int level = 1, params object[] rest) { Log("a", level: 2, 3); }
    static void Each(this Arity arity, out int count) { arity.Each(out var n); }
}

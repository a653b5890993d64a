class Arity {
    void log(String text, Object... rest) { log("a", 1, /* two */ 2); }
    void log(String text, @Deprecated int level) { log(this::log, x -> f(x, 1)); }
}

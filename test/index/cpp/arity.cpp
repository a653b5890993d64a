int sum(int a, int b = 2) { return sum(a, (1, 2)); }
int print(const char *format, ...) { return print("a", 1, 2); }
template <typename... T> int all(T... rest) { return all(rest...) + all(); }
int nothing(void) { return nothing(); }

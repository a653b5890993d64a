record Line(int amount) {
    Line { check(amount); }
}

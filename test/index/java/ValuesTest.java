class ValuesTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void counts(int n) { list.stream().map(ValuesTest::twice).map(this::next).map(other()::last); }
    @RepeatedTest(3)
    void again() { run(Order::new, String[]::new, super::hashCode); }
    @org.junit.Test(expected = Exception.class)
    public void old() {}
    static int twice(int n) { return n; }
    int next(int n) { return n; }
}

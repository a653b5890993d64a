class AppTest {
    @Test
    void runs() { new App().run(); }
}

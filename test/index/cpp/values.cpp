#include <thread>
namespace app {
static void work(int n) {}
class Panel {
public:
    void draw();
    void show(int count = limit) { connect(this, &Panel::draw, &other::Slot::run); post(hide, width, count); }
    void hide() {}
private:
    int width = 3;
    Sink *sink_;
};
void Panel::draw() {
    std::thread first(work, 1), second{app::work};
    auto twice = [k = seed](int n) { return n * k; };
    for (const auto &item : items()) apply(twice, item);
    auto [a, b] = pair();
    each(a, b, sink_, m_last, handler);
}
}
extern "C" {
int entry(void) { return 1; }
}
extern "C" int other_entry(int (*callback)(int)) { return run(callback, entry); }
TEST(Suite, adds) { check(1); }
TEST_F(PanelTest, draws) { check(2); }
BOOST_AUTO_TEST_CASE(starts) { check(3); }

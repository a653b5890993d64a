package app;
import java.util.List;
public class App extends Base implements Runnable, Closer {
    static final int MAX_SIZE = 3;
    public App() { this.reset(); }
    @Override
    public void run() { new Worker<Item>().start(MAX_SIZE); list.forEach(App::show); }
    private static void show(Item item) { Log.info(item.name()); helper(); }
    interface Inner extends Outer { void go(); }
    enum Color { RED }
}

package shop;
import java.util.List;
import shop.model.*;
import shop.model.Price;
import static shop.model.Money.round;
import static shop.model.Rates.*;
class Order<T extends Item> extends Base {
    private final Price price = new Price(1);
    private T first;
    List<Item> items;
    Order(Price price, T... items) { this.price.check(price); }
    Price total(int count, String text) {
        price.add(count, text + 1);
        first.weigh(items.size() > 0);
        Stock stock = find("a", null);
        stock.take(first, 'c', 2L * count);
        var other = new Order<Item>(price);
        other.total(count, text).add(1.5f, new int[] {1});
        for (Item item : items) item.name().trim();
        round(other.price);
        log.info(items.get(0));
        java.util.Arrays.sort(values);
        ((Stock) held).take(x -> x.go(), Stock::new, values[0]);
        Runnable later = new Runnable() { public void run() { weigh(first); } };
        return this.price;
    }
    Stock find(String name, Object hint) { return stocks(name).first(); }
    static long[] values;
}

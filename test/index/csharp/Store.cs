using System.Linq;
namespace Shop {
    public class Store : Base, IStore {
        public string Name { get; set; }
        public Store(Db db) { this.Open(db); }
        [Fact]
        internal void Save(List<Order> orders) { orders.First()?.Check(); Log.Info(MAX_AGE); Helper<int>(); }
        void Helper<T>() { var x = new Order(); }
    }
    interface IStore { void Save(); }
}

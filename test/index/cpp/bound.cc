#include "job.h"
namespace ns {
class EXPORT Store : public Base {
 public:
  int Get(int n) { return items_[n].Size() + cache_->Size(); }
  virtual Item *Find() = 0;
 private:
  std::vector<Item> items_;
  std::unique_ptr<Cache> cache_;
};
Store *Make(const Store &a, Item *b) {
  a.Get(1); b->Run();
  auto *s = new Store(1);
  s->Get(2);
  for (auto &i : a.items_) i.Run();
  for (const Item &i : a.items_) i.Run();
  Store t(b);
  t.Find()->Run();
  static_cast<Store *>(b)->Find();
  std::string str; str.size();
  auto u = std::make_unique<Store>(); u->Find();
  auto it = Make(a, b); it->Find();
  other_->Foo();
  ns2::Call(1);
  Item::Static();
  callback(1);
}
int Job::Run() { store_->Get(1); this->store_->Get(2); Help(); store_.x->Get(); return 1; }
}
using Stores = std::vector<Store>;
struct LIST_API(1) List {
  std::map<int, Item *> byNumber;
  Stores all;
  void each() {
    for (std::vector<Item *>::iterator i = x.begin(); i != x.end(); ++i) (*i)->Run();
    byNumber.find(1)->second->Run();
    all.front().Get(1);
    if (Item *found = byNumber[3]) found->Run();
    auto first = all[0]; first.Find();
    callback_(1);
    std::move(first).Get(2);
  }
};

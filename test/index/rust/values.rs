static TABLE: &[fn(i32) -> i32] = &[twice, tools::thrice];
const FIRST: fn(i32) -> i32 = twice;
fn twice(n: i32) -> i32 { n * 2 }
struct Job { step: fn(i32) -> i32, name: i32 }
impl Job {
    fn step(n: i32) -> i32 { n }
    fn all(&self, list: Vec<i32>, mut other: F) -> fn(i32) -> i32 {
        list.iter().map(Self::step).map(twice).map(Job::step).for_each(|item| use_it(item, other));
        if let Some(found) = self.find(list) { return found; }
        let (a, b) = pair;
        let name = thrice;
        match list { Kind::Empty => twice, Kind::Some(rest) => rest, last => last };
        spawn(Job { step: twice, name }, Kind::Full, &helper, a, b, Boxed);
        Self::step
    }
}
#[tokio::test]
async fn adds() {}
#[rstest]
#[case(1)]
fn cases() {}

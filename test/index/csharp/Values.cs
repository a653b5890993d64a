class Panel : Form
{
    Handler first = Start;
    int Count;
    string Title { get; } = Caption;
    static void Start(int n) { }
    void Stop(int number, List<int> list)
    {
        button.Click += Start;
        var worker = new Thread(Run);
        list.Select(Util.Parse).Where(this.Keep, number, Count, Title, first);
        var map = new Map { ["a"] = Start, ["b"] = Level.Low };
        foreach (var item in list) Use(item, name: Start);
        list.ForEach(x => Start);
    }
    bool Keep(int n) => true;
    [Theory]
    [InlineData(1)]
    void Adds(int n) { }
}
enum Level { Low }

public interface IJobs
{
    int Count { get; }
    void Start();
}

public class Money
{
    public const int Digits = 2;
    private static readonly int LIMIT = Load();
    public event Changed OnChanged;
    public int this[int i] => Get(i);
    public static Money operator +(Money a, Money b) => Sum(a, b);
    public static implicit operator string(Money m) => Show(m);
    ~Money() { Close(); }
}

class Door : public Thing {
    void turn() {}
public:
    void open() {}
    class Key {
        void bend() {}
    };
protected:
    static int weight() { return 0; }
};

struct Wall {
    void paint() {}
private:
    void crack() {}
};

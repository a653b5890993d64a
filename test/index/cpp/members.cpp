namespace app {
template <typename T>
class Ring {
public:
    virtual void visit(T item) = 0;
    static Ring make() { return create(); }
    explicit operator bool() const { return filled(); }
    Ring &operator=(const Ring &other);
};

template <typename T>
Ring<T> &Ring<T>::operator=(const Ring &other) { return copy(other); }

void Window::draw() { paint(); }
}

class Order
  def pay!
    check unless paid?
  end

  private def hidden
    self.pay!
  end

  private

  def paid?
    false
  end
end

class OrderTest
  def test_paid
    order.paid?
  end
end

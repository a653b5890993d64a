class Orders < Base
  before_action :check, only: [:show], if: :ready?
  def show
    list.map(&method(:price)).each(&:stop)
    send(:show)
  end
  def check; end
  def ready?; end
end
def price(item); end
describe Orders do
  it "shows: all" do price(1) end
  context 'empty' do
    def helper; end
    specify("nothing") { helper }
  end
end

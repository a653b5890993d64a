<?php
class OrderTest extends TestCase
{
    public function testPays() { return new class extends Order {}; }
    #[Test] public function works() {}
}

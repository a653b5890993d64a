const val MAX_TRIES = 3

class Door {
    companion object {
        const val WIDTH = 2
    }

    internal open fun turn() {
        val r = object : Runnable {
            override fun run() {}
        }
    }
}

import HotStuff
import Testing

@testable import HotStuffReplica

@Suite("what execution hears of the journal")
struct JournalNewsTests {
    private var news = JournalNews()

    @Test("is nothing while it waits for no commit")
    mutating func nothing() {
        news.reach(JournalPosition(5))
        #expect(news.take() == nil)
    }

    @Test("is told once, when the commit for which it waits is durable, and not at every write after it")
    mutating func once() {
        news.expect(JournalPosition(3))
        #expect(news.take() == nil)
        news.reach(JournalPosition(2))
        // What is before the commit may hold another one.
        #expect(news.take() == JournalPosition(2))
        news.reach(JournalPosition(4))
        #expect(news.take() == JournalPosition(4))
        news.reach(JournalPosition(9))
        #expect(news.take() == nil)
    }

    @Test("is told at once of a commit that was durable before it was queued")
    mutating func late() {
        news.reach(JournalPosition(8))
        news.expect(JournalPosition(6))
        #expect(news.take() == JournalPosition(8))
        news.expect(JournalPosition(8))
        #expect(news.take() == nil)
        news.expect(JournalPosition(9))
        #expect(news.take() == nil)
    }

    @Test("never goes back")
    mutating func forward() {
        news.expect(JournalPosition(9))
        news.reach(JournalPosition(7))
        news.reach(JournalPosition(6))
        news.expect(JournalPosition(8))
        #expect(news.take() == JournalPosition(7))
        news.reach(JournalPosition(9))
        #expect(news.take() == JournalPosition(9))
    }
}

import Testing

@testable import HotStuffClient

@Suite("A moment of the client")
struct MomentTests {
    @Test("lies behind another by the time between them, and never behind the end of time")
    func arithmetic() {
        let now = Moment.now
        let later = now.advanced(by: .milliseconds(1_500))
        #expect(now < later && now.duration(to: later) == .milliseconds(1_500))
        #expect(later.duration(to: now) == .milliseconds(-1_500))
        #expect(now.advanced(by: .seconds(-1)) == now && now.advanced(by: .zero) == now)
        let end = now.advanced(by: .seconds(Int64.max))
        #expect(end == end.advanced(by: .nanoseconds(1)) && now.duration(to: end) > .seconds(86_400 * 365))
    }
}

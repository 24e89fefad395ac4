import HotStuff

/// Has a replica hear a message of another one, as bytes.
@discardableResult
func tell(_ replica: TestReplica, _ message: Message, from sender: Int) -> [Effect] {
    replica.receive(Frame.encode(message), from: ReplicaID(UInt16(sender)))
}

/// Makes everything durable and signed until nothing is left to do.
///
/// - Parameters:
///   - replica: whose wishes are carried out.
///   - effects: what it wishes so far.
/// - Returns: all effects, those given among them.
@discardableResult
func settle(_ replica: TestReplica, _ effects: [Effect]) -> [Effect] {
    var all = effects
    var open = effects
    while !open.isEmpty {
        var next: [Effect] = []
        for effect in open { if case .sign(let request) = effect { next += replica.sign(request) } }
        next += replica.sync()
        all += next
        open = next.filter { if case .sign = $0 { true } else { false } }
    }
    return all
}

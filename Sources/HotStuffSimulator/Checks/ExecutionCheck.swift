internal import HotStuff

/// The states of all replicas by height, and that no application saw a command twice.
struct ExecutionCheck {
    private var states: [Digest] = [Digest.zero]
    /// How far each replica has executed.
    private var heights: [Height]

    init(count: Int) { heights = Array(repeating: .genesis, count: count) }

    /// How far a replica has executed.
    func height(of replica: ReplicaID) -> Height { heights[replica.index] }

    /// The digest of all execution up to a height, where anybody got so far.
    func digest(at height: Height) -> Digest? {
        height.rawValue < UInt64(states.count) ? states[Int(height.rawValue)] : nil
    }

    /// A replica executed a block.
    mutating func executed(
        _ block: Block,
        _ state: ExecutedState,
        machine: ObservedStore,
        at replica: ReplicaID
    ) -> Violation? {
        if let key = machine.repeated.first {
            return Violation(.exactlyOnce, "replica \(replica) executed \(key.session)/\(key.sequence) twice")
        }
        heights[replica.index] = state.height
        guard state.height == block.height else {
            return Violation(.state, "replica \(replica) executed height \(block.height) and says \(state.height)")
        }
        if let known = digest(at: state.height) {
            guard known == state.digest else {
                return Violation(.state, "replica \(replica) differs from others at height \(state.height)")
            }
        } else if state.height.rawValue == UInt64(states.count) {
            states.append(state.digest)
        } else {
            return Violation(
                .state,
                "replica \(replica) executed height \(state.height), \(states.count - 1) is the last"
            )
        }
        return nil
    }

    /// A replica that started again executed its journal's blocks.
    mutating func replayed(_ executed: [ExecutedState], by replica: ReplicaID) -> Violation? {
        heights[replica.index] = executed.last?.height ?? .genesis
        for state in executed {
            if let known = digest(at: state.height) {
                guard known == state.digest else {
                    return Violation(.state, "replica \(replica) differs at height \(state.height) after a restart")
                }
            } else if state.height.rawValue == UInt64(states.count) {
                states.append(state.digest)
            }
        }
        return nil
    }
}

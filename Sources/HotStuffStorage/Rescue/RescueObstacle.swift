internal import HotStuff

/// Why a state could not be brought up to a certified block.
enum RescueObstacle: Error {
    /// The block of this height is in no directory, or it is not what its header says.
    case missing(Height)
    /// A quorum says otherwise of the state of this height: so the block of some height says.
    case otherState(Height, saidBy: Height)
    /// The block of this height is not the one that a directory knows as final.
    case otherFinal(Height)
    /// The blocks do not lead to the certified one.
    case otherChain(Height)
    /// The snapshot from which to begin is of no use.
    case uselessSnapshot(reason: String)
}

extension RescueObstacle: CustomStringConvertible {
    /// One clause.
    var description: String {
        switch self {
        case .missing(let height): "block \(height) is in none of the directories, or damaged in all"
        case .otherState(let height, let block):
            "the state of height \(height) is not the one that block \(block) says was executed"
        case .otherFinal(let height): "block \(height) is not the one that is final by a directory"
        case .otherChain(let height): "the blocks below height \(height) do not lead to the certified one"
        case .uselessSnapshot(let reason): reason
        }
    }
}

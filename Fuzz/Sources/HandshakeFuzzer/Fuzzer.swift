internal import FuzzKit

/// What libFuzzer calls with each input: the first byte says what to try.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    var input = ByteReader(Array(UnsafeBufferPointer(start: data, count: count)))
    switch input.byte() % 6 {
    case 0: Trial.record(&input)
    case 1: Trial.strangerDials(&input)
    case 2: Trial.strangerAnswers(&input)
    case 3: Trial.middle(&input)
    case 4: Trial.impostor(&input)
    default: Trial.frames(&input)
    }
    return 0
}

/// The ways to use an input.
enum Trial {}

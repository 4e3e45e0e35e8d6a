@preconcurrency import CoreML
import Foundation

/// Reads what the network answers.
enum Predictions {
    private static let indexOfLabel = Dictionary(
        NetworkSettings.labels.enumerated().map { ($0.element, $0.offset) },
        uniquingKeysWith: { first, _ in first }
    )

    /// One number for each class, in the order of the labels.
    static func values(of answer: MLFeatureProvider) throws -> [Float] {
        guard let value = answer.featureValue(for: NetworkSettings.outputName) else {
            throw NetworkError("The model gives no output named \(NetworkSettings.outputName).")
        }
        let count = NetworkSettings.labels.count
        if let array = value.multiArrayValue {
            guard array.count == count else {
                throw NetworkError("The model gives \(array.count) numbers; expected one for each of \(count) classes.")
            }
            return numbers(of: array)
        }
        var values = [Float](repeating: 0, count: count)
        for (label, probability) in value.dictionaryValue {
            if let index = indexOfLabel["\(label)"] {
                values[index] = probability.floatValue
            }
        }
        return values
    }

    /// All numbers of an array, the last axis running fastest.
    static func numbers(of array: MLMultiArray) -> [Float] {
        if array.dataType == .float32 {
            let numbers: [Float] = array.withUnsafeBufferPointer(ofType: Float.self) { Array($0) }
            if numbers.count == array.count {
                return numbers
            }
        }
        // Another type of number, or numbers that do not lie side by side.
        return (0 ..< array.count).map { array[$0].floatValue }
    }

    /// The index of the largest value.
    static func best(_ values: [Float]) -> Int {
        values.indices.max { values[$0] < values[$1] } ?? 0
    }
}

@preconcurrency import CoreML
import CoreVideo
import Foundation

/// Pixels and classes in the form that the network reads. Written by pointer: a number at a time would be slow.
enum FeatureValues {
    /// - Parameter pixels: one image, rows from the top, the channels of a pixel side by side, 0 to 255.
    static func input(_ pixels: Data) throws -> MLFeatureValue {
        switch NetworkSettings.input {
        case .array(let shape):
            return MLFeatureValue(multiArray: try array(pixels, shape: shape))
        case .image:
            return MLFeatureValue(pixelBuffer: try pixelBuffer(pixels))
        }
    }

    static func target(_ classIndex: Int) throws -> MLFeatureValue {
        switch NetworkSettings.target {
        case .classIndex:
            let array = try MLMultiArray(shape: [1], dataType: .int32)
            array.withUnsafeMutableBufferPointer(ofType: Int32.self) { (numbers, _) -> Void in
                numbers[0] = Int32(classIndex)
            }
            return MLFeatureValue(multiArray: array)
        case .oneHot:
            let count = NetworkSettings.labels.count
            let array = try MLMultiArray(shape: [NSNumber(value: count)], dataType: .double)
            array.withUnsafeMutableBufferPointer(ofType: Double.self) { (numbers, _) -> Void in
                for index in 0 ..< count {
                    numbers[index] = index == classIndex ? 1 : 0
                }
            }
            return MLFeatureValue(multiArray: array)
        case .wholeNumberLabel:
            guard let number = Int64(NetworkSettings.labels[classIndex]) else {
                throw NetworkError("The label \(NetworkSettings.labels[classIndex]) is no whole number.")
            }
            return MLFeatureValue(int64: number)
        case .textLabel:
            return MLFeatureValue(string: NetworkSettings.labels[classIndex])
        }
    }

    private static func array(_ pixels: Data, shape: [Int]) throws -> MLMultiArray {
        let array = try MLMultiArray(shape: shape.map { NSNumber(value: $0) }, dataType: .float32)
        let scale = NetworkSettings.pixelScale
        pixels.withUnsafeBytes { (bytes: UnsafeRawBufferPointer) in
            array.withUnsafeMutableBufferPointer(ofType: Float.self) { (numbers, strides) -> Void in
                guard shape.count == 3 else {
                    for index in 0 ..< bytes.count {
                        numbers[index * strides[0]] = Float(bytes[index]) * scale
                    }
                    return
                }
                var next = 0
                for row in 0 ..< shape[1] {
                    for column in 0 ..< shape[2] {
                        for channel in 0 ..< shape[0] {
                            let place = channel * strides[0] + row * strides[1] + column * strides[2]
                            numbers[place] = Float(bytes[next]) * scale
                            next += 1
                        }
                    }
                }
            }
        }
        return array
    }

    private static func pixelBuffer(_ pixels: Data) throws -> CVPixelBuffer {
        let (width, height) = (NetworkSettings.imageWidth, NetworkSettings.imageHeight)
        let isGrey = NetworkSettings.imageChannels == 1
        let format = isGrey ? kCVPixelFormatType_OneComponent8 : kCVPixelFormatType_32BGRA
        var made: CVPixelBuffer?
        let status = CVPixelBufferCreate(kCFAllocatorDefault, width, height, format, nil, &made)
        guard status == kCVReturnSuccess, let buffer = made else {
            throw NetworkError("There is not enough memory for an image.")
        }
        CVPixelBufferLockBaseAddress(buffer, [])
        defer { CVPixelBufferUnlockBaseAddress(buffer, []) }
        guard let base = CVPixelBufferGetBaseAddress(buffer) else {
            throw NetworkError("The memory of an image cannot be written.")
        }
        let rowBytes = CVPixelBufferGetBytesPerRow(buffer)
        let out = base.assumingMemoryBound(to: UInt8.self)
        pixels.withUnsafeBytes { (bytes: UnsafeRawBufferPointer) in
            for row in 0 ..< height {
                for column in 0 ..< width {
                    let pixel = row * width + column
                    if isGrey {
                        out[row * rowBytes + column] = bytes[pixel]
                    } else {
                        let place = row * rowBytes + column * 4
                        out[place] = bytes[pixel * 3 + 2]
                        out[place + 1] = bytes[pixel * 3 + 1]
                        out[place + 2] = bytes[pixel * 3]
                        out[place + 3] = 255
                    }
                }
            }
        }
        return buffer
    }
}

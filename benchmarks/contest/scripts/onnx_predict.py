"""Read one light-on-dark image with ONNX Runtime: IMAGE MODEL.onnx (of `startup.py`)."""

import sys

import numpy as np
import onnxruntime
from PIL import Image

image, model = sys.argv[1:]
ink = Image.open(image).convert("L").resize((28, 28))
pixels = np.asarray(ink, np.float32).reshape(1, 784)
session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
(probabilities,) = session.run(["probabilities"], {"pixels": pixels})
print(probabilities.argmax())

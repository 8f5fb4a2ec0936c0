# The four files of MNIST, the small ones first: a mirror that is dead or wrong shows it on them.
# <name>_SHA256: of the file; <name>_GZ_SHA256: of the packed file as the mirrors have it.
set(FILES train-labels-idx1-ubyte t10k-labels-idx1-ubyte t10k-images-idx3-ubyte train-images-idx3-ubyte)

set(train-labels-idx1-ubyte_SHA256    65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5)
set(train-labels-idx1-ubyte_GZ_SHA256 3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c)
set(t10k-labels-idx1-ubyte_SHA256     ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2)
set(t10k-labels-idx1-ubyte_GZ_SHA256  f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6)
set(t10k-images-idx3-ubyte_SHA256     0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7)
set(t10k-images-idx3-ubyte_GZ_SHA256  8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6)
set(train-images-idx3-ubyte_SHA256    ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db)
set(train-images-idx3-ubyte_GZ_SHA256 440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609)

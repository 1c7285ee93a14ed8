"""Whether two entries mean the same company or the same person: pure functions over plain records, no Django.

A comparison adds up evidence in bits, as Fellegi and Sunter do: each field adds log2(how likely it agrees when the two
are the same ÷ how likely it agrees when they are not). Three answers come out: *same* (clear evidence of two kinds, and
nothing that speaks against it), *perhaps* (a person decides), *different*. Each answer carries its reasons.

The tables of weights stand in `weights.py`, with the shares that they come from. They were set beforehand, not tuned on
any list of true matches.
"""

"""
item: s001-4.2
cell: your-name
caught_by: the_target_belongs_to_the_name, the_caption_wins_the_gallery
misconception: the name does not matter
explain: Your name is empty, so no picture belongs to you. Write it in quotes.
"""

my_name = ""
my_target = 31

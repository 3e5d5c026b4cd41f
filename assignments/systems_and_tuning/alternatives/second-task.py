# %% own_loop
"""a loop of its own that mixes batches of both tasks"""
def learn_second(model, old_head):
    items, inputs = tuning.sentences("bert-math")["train"]
    truth = {task: tuning.labels(task, items) for task in ("sign", "size")}
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    for _ in range(90):
        index = torch.randint(len(items), (48,))
        rows = tuning.rows(inputs, index)
        loss = nn.functional.cross_entropy(tuning.logits(model, rows), truth["size"][index])
        loss = loss + nn.functional.cross_entropy(tuning.logits(model, rows, old_head), truth["sign"][index])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model


# %% more_rehearsal
"""more mixed in, for more epochs"""
def learn_second(model, old_head):
    tuning.fit(model, "bert-math", "size", epochs=6, rate=8e-4, rehearse=("sign", old_head, 24))
    return model


# %% distilled
"""holds the old head's answers to those of the old model"""
def learn_second(model, old_head):
    teacher = copy.deepcopy(model)
    items, inputs = tuning.sentences("bert-math")["train"]
    truth = tuning.labels("size", items)
    optimizer = torch.optim.Adam([p for p in model.parameters() if p.requires_grad], lr=1e-3)
    for _ in range(90):
        index = torch.randint(len(items), (48,))
        rows = tuning.rows(inputs, index)
        with torch.no_grad():
            old = tuning.logits(teacher, rows, old_head).softmax(-1)
        loss = nn.functional.cross_entropy(tuning.logits(model, rows), truth[index])
        loss = loss + 2 * nn.functional.cross_entropy(tuning.logits(model, rows, old_head), old)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return model

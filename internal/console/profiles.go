package console

func (c *Console) profilePages() []page { return nil }
